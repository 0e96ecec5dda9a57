// A client of the control API: lists the sessions, then tells of each change until it is stopped.
//
//	control HOST:5051 admin.pkeycert.pem root.cert.pem
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	controlv1 "example.com/ws-proxy/control/gen/micronets/wsproxy/control/v1"
	"example.com/ws-proxy/identity"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
)

//go:generate buf generate ../../../proto --path ../../../proto/micronets

// How long the list may take.
const patience = 10 * time.Second

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: control HOST:PORT CERTIFICATE ROOT")
	}
	config, err := identity.Load(os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	channel, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		log.Fatal(err)
	}
	defer channel.Close()
	if err := follow(context.Background(), controlv1.NewControlServiceClient(channel)); err != nil {
		fault := status.Convert(err)
		log.Fatalf("%s: %s", fault.Code(), fault.Message())
	}
}

func follow(ctx context.Context, client controlv1.ControlServiceClient) error {
	soon, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	listed, err := client.ListSessions(soon, &controlv1.ListSessionsRequest{})
	if err != nil {
		return err
	}
	for _, session := range listed.GetSessions() {
		fmt.Println("live", session.GetMeetupId())
	}
	// A stream that breaks can go on after its last `resume_token`.
	events, err := client.WatchSessions(ctx, &controlv1.WatchSessionsRequest{})
	if err != nil {
		return err
	}
	for {
		event, err := events.Recv()
		if err != nil {
			return err
		}
		fmt.Println(event.GetType(), event.GetSession().GetMeetupId())
	}
}
