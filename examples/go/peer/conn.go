// Package peer is what a gateway and a manager have in common: a connection to the other peer, and the messages on it.
package peer

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"example.com/ws-proxy/identity"
	"github.com/coder/websocket"
)

const (
	// Bytes of the largest message that the proxy passes on, unless it is set up otherwise. The library's own bound is 32 KiB.
	maxMessage = 4 << 20
	// How long a dial may take.
	dialPatience = 20 * time.Second
	// How often the proxy is pinged, and how long it may take to answer: it does not read a peer while the other one is slow.
	pingInterval = 20 * time.Second
	pingPatience = 40 * time.Second
)

// Conn is a connection that is paired with the other peer.
type Conn struct {
	// Other is the class that the other peer claims.
	Other  string
	socket *websocket.Conn
	ids    atomic.Int64
}

// Dial connects, says HELLO, and waits until the other peer is there, however long that takes.
func Dial(ctx context.Context, url, certificate, root, class string) (*Conn, error) {
	config, err := identity.Load(certificate, root)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{TLSClientConfig: config, Proxy: http.ProxyFromEnvironment}
	client := &http.Client{Transport: transport, Timeout: dialPatience}
	socket, answer, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		return nil, refusal(answer, err)
	}
	socket.SetReadLimit(maxMessage)
	conn := &Conn{socket: socket}
	go conn.watch(ctx)
	// The HELLO comes first, and nothing may follow it until the other peer's has come.
	if err := conn.Send(ctx, Message{ID: conn.NextID(), Type: "CONN:HELLO", PeerClass: class, PeerID: "1"}); err != nil {
		conn.Close()
		return nil, err
	}
	hello, err := conn.Read(ctx)
	if err != nil {
		conn.Close()
		return nil, err
	}
	conn.Other = hello.PeerClass
	return conn, nil
}

// watch ends a connection that is dead and does not say so. The library answers the proxy's pings, and tells nobody when none come.
func (c *Conn) watch(ctx context.Context) {
	for {
		time.Sleep(pingInterval)
		soon, cancel := context.WithTimeout(ctx, pingPatience)
		err := c.socket.Ping(soon)
		cancel()
		if err != nil {
			_ = c.socket.CloseNow()
			return
		}
	}
}

// NextID counts the messages of this connection and this side alone.
func (c *Conn) NextID() json.RawMessage {
	return strconv.AppendInt(nil, c.ids.Add(1), 10)
}

// Send may be called by several at once.
func (c *Conn) Send(ctx context.Context, message Message) error {
	text, err := json.Marshal(envelope{message})
	if err != nil {
		return err
	}
	return c.socket.Write(ctx, websocket.MessageText, text)
}

// Read waits for the next message. A binary one, and what has other forms than here, is somebody else's and passed over.
func (c *Conn) Read(ctx context.Context) (Message, error) {
	for {
		kind, text, err := c.socket.Read(ctx)
		if err != nil {
			return Message{}, err
		}
		var received envelope
		if kind == websocket.MessageText && json.Unmarshal(text, &received) == nil {
			return received.Message, nil
		}
	}
}

// Close ends the connection. The other peer is told.
func (c *Conn) Close() {
	_ = c.socket.Close(websocket.StatusNormalClosure, "")
}
