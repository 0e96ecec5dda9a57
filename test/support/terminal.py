"""terminal.py COMMAND [ARGUMENT]...

Runs COMMAND as the first process of a terminal of its own. What comes on standard input is typed there, and its end closes the
terminal; what the terminal shows goes to standard output. Ends with the exit code of COMMAND, or 128 and the signal that ended it.
"""

import os
import pty
import select
import sys


def show(terminal):
    """False when nobody has the terminal open any more."""
    try:
        shown = os.read(terminal, 65536)
    except OSError:
        return False
    os.write(1, shown)
    return shown != b""


def main():
    process, terminal = pty.fork()
    if process == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    while True:
        readable, _, _ = select.select([terminal, 0], [], [])
        if terminal in readable and not show(terminal):
            break
        if 0 in readable:
            typed = os.read(0, 65536)
            if typed == b"":
                break
            os.write(terminal, typed)
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


main()
