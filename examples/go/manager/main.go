// A manager: asks the other peer for some paths, all at once, prints what it answers and tells, and ends.
//
//	manager wss://HOST:5050/micronets/v1/ws-proxy/MEETUP manager.pkeycert.pem root.cert.pem PATH...
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"
	"time"

	"example.com/ws-proxy/peer"
)

// How long an answer may take.
const patience = 10 * time.Second

// calls are the requests of this side that wait for their answers.
type calls struct {
	lock    sync.Mutex
	waiting map[string]chan peer.Message
}

func main() {
	if len(os.Args) < 4 {
		log.Fatal("usage: manager URL CERTIFICATE ROOT PATH...")
	}
	ctx := context.Background()
	conn, err := peer.Dial(ctx, os.Args[1], os.Args[2], os.Args[3], "example-go-manager")
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	fmt.Println("paired with", conn.Other)

	asked := &calls{waiting: map[string]chan peer.Message{}}
	go asked.read(ctx, conn)
	paths := os.Args[4:]
	answers := make([]chan peer.Message, len(paths))
	for at, path := range paths {
		answers[at] = asked.get(ctx, conn, path)
	}
	late := time.After(patience)
	for at, path := range paths {
		select {
		case answer, came := <-answers[at]:
			if !came {
				log.Fatalf("%s: no answer: the connection ended", path)
			}
			fmt.Println(path, answer.StatusCode, shown(answer))
		case <-late:
			log.Fatalf("%s: no answer within %s", path, patience)
		}
	}
}

// get sends a request; its answer comes through the channel, which is closed where none can come.
func (c *calls) get(ctx context.Context, conn *peer.Conn, path string) chan peer.Message {
	id, answer := conn.NextID(), make(chan peer.Message, 1)
	c.lock.Lock()
	c.waiting[string(id)] = answer
	c.lock.Unlock()
	request := peer.Message{ID: id, Type: "REST:REQUEST", RequiresResponse: true, Method: "GET", Path: path}
	if err := conn.Send(ctx, request); err != nil {
		log.Fatal(err)
	}
	return answer
}

// read gives each answer to who waits for it, until the connection ends.
func (c *calls) read(ctx context.Context, conn *peer.Conn) {
	for {
		message, err := conn.Read(ctx)
		if err != nil {
			c.end()
			return
		}
		switch {
		case message.Type == "REST:RESPONSE":
			// Only this side's own ids are in `waiting`: the other side counts for itself, so that both use the same numbers.
			id := string(message.InResponseTo)
			c.lock.Lock()
			answer, found := c.waiting[id]
			delete(c.waiting, id)
			c.lock.Unlock()
			if found {
				answer <- message
			}
		case strings.HasPrefix(message.Type, "EVENT:"):
			fmt.Println(message.Type, string(message.Body))
		}
		// Every other type is somebody else's.
	}
}

// end tells who waits that nothing comes any more.
func (c *calls) end() {
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, answer := range c.waiting {
		close(answer)
	}
}

// shown is a body in one line.
func shown(answer peer.Message) string {
	if answer.DataFormat == peer.Bytes {
		var bytes []byte
		if err := json.Unmarshal(answer.Body, &bytes); err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%d bytes", len(bytes))
	}
	if answer.Body == nil {
		return "null"
	}
	return string(answer.Body)
}
