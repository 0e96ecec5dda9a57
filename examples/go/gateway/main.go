// A gateway: answers the requests of the other peer, until it is stopped.
//
//	gateway wss://HOST:5050/micronets/v1/ws-proxy/MEETUP gateway.pkeycert.pem root.cert.pem
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"time"

	"example.com/ws-proxy/peer"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: gateway URL CERTIFICATE ROOT")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	failures := 0
	for ctx.Err() == nil {
		paired, err := serve(ctx, os.Args[1], os.Args[2], os.Args[3])
		fmt.Println("closed:", err)
		if failures++; paired {
			failures = 0
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause(failures, err)):
		}
	}
}

// pause is 1 to 5 seconds after a connection that ended. It grows with each dial that fails, to a minute, and is at least what the proxy asks for. It
// has a random part, so that thousands do not come at once.
func pause(failures int, err error) time.Duration {
	longest := min(5*time.Second<<min(failures, 4), time.Minute)
	wait := time.Second + rand.N(longest-time.Second)
	return wait + peer.RetryAfter(err)
}

// serve answers on one connection until it ends, and says whether the other peer was there.
func serve(ctx context.Context, url, certificate, root string) (paired bool, err error) {
	conn, err := peer.Dial(ctx, url, certificate, root, "example-go-gateway")
	if err != nil {
		return false, err
	}
	defer conn.Close()
	fmt.Println("paired with", conn.Other)
	ready := peer.Message{ID: conn.NextID(), Type: "EVENT:EXAMPLE:ready", DataFormat: peer.JSON, Body: json.RawMessage(`{"paths": 2}`)}
	if err := conn.Send(ctx, ready); err != nil {
		return true, err
	}
	for {
		message, err := conn.Read(ctx)
		if err != nil {
			return true, err
		}
		// Every type that is not known here is somebody else's.
		if message.Type != "REST:REQUEST" {
			continue
		}
		response := answer(message)
		response.ID, response.Type = conn.NextID(), "REST:RESPONSE"
		// The answer names the request by its id; answers may come in any order.
		response.InResponseTo = message.ID
		if err := conn.Send(ctx, response); err != nil {
			return true, err
		}
	}
}

// answer gives status and body. Bytes go as base64, which is what Go makes of them in JSON.
func answer(request peer.Message) peer.Message {
	switch request.Path {
	case "/bytes":
		bytes := make([]byte, 256)
		for at := range bytes {
			bytes[at] = byte(at)
		}
		return peer.Message{StatusCode: 200, DataFormat: peer.Bytes, Body: inJSON(bytes)}
	case "/echo":
		return peer.Message{StatusCode: 200, DataFormat: request.DataFormat, Body: request.Body}
	default:
		fault := map[string]string{"error": fmt.Sprintf("no %s here", request.Path)}
		return peer.Message{StatusCode: 404, DataFormat: peer.JSON, Body: inJSON(fault)}
	}
}

func inJSON(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
