package peer

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Refused is why a dial did not become a connection.
type Refused struct {
	// RetryAfter is when to come back, where the proxy knows it.
	RetryAfter time.Duration
	text       string
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
