// Command go-bare answers targets/CONTRACT.md with goroutines and package net alone:
// an accept loop, one goroutine per connection, blocking reads and writes.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	host := environ("HOST", "127.0.0.1")
	listener, err := listen(host, environ("PORT", "8080"))
	if err != nil {
		fail(err)
	}
	if port := os.Getenv("PROBE_PORT"); port != "" {
		prober, err := listen(host, port)
		if err != nil {
			fail(err)
		}
		go probe(prober)
	}
	accept(listener)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "go-bare:", err)
	os.Exit(1)
}

func environ(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

// listen needs no backlog: package net asks for somaxconn.
func listen(host, port string) (net.Listener, error) {
	// Keepalive probes, every 15 s by default, would be traffic on idle connections.
	config := net.ListenConfig{KeepAlive: -1}
	// Newer Go listens for multipath TCP, which would make its sockets unlike the other servers'.
	config.SetMultipathTCP(false)
	return config.Listen(context.Background(), "tcp", net.JoinHostPort(host, port))
}

func accept(listener net.Listener) {
	for {
		socket, err := listener.Accept()
		if err != nil {
			// Out of descriptors, most likely: they come back as clients leave.
			time.Sleep(5 * time.Millisecond)
			continue
		}
		go serve(socket.(*net.TCPConn))
	}
}
