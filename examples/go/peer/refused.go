package peer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// Refused is why a dial did not become a connection.
type Refused struct {
	// RetryAfter is when to come back, where the proxy knows it.
	RetryAfter time.Duration
	text       string
}

// inSeconds is in the reason of a close frame of a proxy that restarts.
var inSeconds = regexp.MustCompile(`\bretry in (\d{1,5}) s\b`)

// RetryAfter is how long to stay away at least, as a refusal or the close frame of a connection says it.
func RetryAfter(err error) time.Duration {
	var refused *Refused
	if errors.As(err, &refused) {
		return refused.RetryAfter
	}
	var closed websocket.CloseError
	if !errors.As(err, &closed) {
		return 0
	}
	found := inSeconds.FindStringSubmatch(closed.Reason)
	if found == nil {
		return 0
	}
	seconds, _ := strconv.Atoi(found[1])
	return time.Duration(seconds) * time.Second
}

func (r *Refused) Error() string {
	return r.text
}

// refusal reads what the proxy answered in place of 101.
func refusal(answer *http.Response, err error) error {
	if answer == nil || answer.Body == nil {
		return err
	}
	body, _ := io.ReadAll(answer.Body)
	seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
	return &Refused{time.Duration(seconds) * time.Second, fmt.Sprintf("%s: %s", answer.Status, bytes.TrimSpace(body))}
}
