#!/bin/sh
# lifeline.sh COMMAND [ARGUMENT]...
# Becomes COMMAND, which ends within two seconds when whoever holds the other end of descriptor 3 is gone, killed by SIGKILL
# included. It must lead a process group; the whole group ends. The holder writes a line when COMMAND has ended, and has no one
# left to wait for when it then reads the end of the file.
(
  # A terminal's signals are for the holder.
  trap '' HUP INT QUIT TERM
  exec >/dev/null 2>&1
  read -r _ <&3 && exit
  # No other process can get this number: the group has it as long as this shell is in it.
  kill -s TERM -- "-$$"
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    kill -s 0 "$$" || break
    sleep 0.1
  done
  kill -s KILL -- "-$$"
) &
exec "$@" 3<&-
