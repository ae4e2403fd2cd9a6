package main

import (
	"io"
	"net"
	"time"
)

const lingerTime = 500 * time.Millisecond

// connection is all that is held for a client between requests, so it is kept small.
type connection struct {
	socket *net.TCPConn
	in     input
	out    output
}

func serve(socket *net.TCPConn) {
	defer socket.Close()
	c := &connection{socket: socket, out: output{to: socket}}
	c.in.release()
	c.serveBatches()
	if c.out.flush() == nil {
		c.linger()
	}
	c.in.release()
}

// serveBatches returns when the connection is to be closed. A batch is whatever
// requests have been received; their answers are sent together.
func (c *connection) serveBatches() {
	for {
		open := c.serveReceived()
		if !open || c.out.flush() != nil || c.in.receive(c.socket) != nil {
			return
		}
	}
}

// serveReceived answers the requests that have come in whole, and says whether to read on.
func (c *connection) serveReceived() (open bool) {
	var request request
	for len(c.in.unread()) > 0 {
		unread := c.in.unread()
		switch status := request.parse(unread); status {
		case incomplete:
			return true
		case ok:
		default:
			c.out.respond(status, true, "", nil)
			return false
		}
		whole := request.headBytes + request.bodyBytes
		if len(unread) < whole {
			if request.expectsContinue && len(unread) == request.headBytes {
				c.out.askForBody()
			}
			return true
		}
		request.body = unread[request.headBytes:whole]
		answer(&request, &c.out)
		c.in.skip(whole)
		if request.closes {
			return false
		}
	}
	return true
}

// linger lets the last answer arrive: closing on bytes that nobody read resets the connection.
func (c *connection) linger() {
	if len(c.in.unread()) == 0 {
		return
	}
	if c.socket.CloseWrite() == nil && c.socket.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.Copy(io.Discard, c.socket)
	}
}
