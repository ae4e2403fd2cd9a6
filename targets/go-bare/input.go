package main

import (
	"io"
	"sync"
)

const (
	// What an idle connection keeps to read into: enough for most requests.
	idleBytes = 512
	// What is borrowed for longer ones: enough for any head with a usual body.
	borrowedBytes = 32 << 10
)

var inputBuffers = sync.Pool{New: func() any { return new([borrowedBytes]byte) }}

// input holds what was received and is not yet served. It reads into a small array of
// its own, and into a larger buffer only while there is a request that needs one.
type input struct {
	idle     [idleBytes]byte
	borrowed *[borrowedBytes]byte
	buffer   []byte // what is read into: idle, borrowed, or one made for a large body
	start    int
	end      int
}

func (in *input) unread() []byte {
	return in.buffer[in.start:in.end]
}

func (in *input) skip(n int) {
	in.start += n
}

// receive waits for more bytes; the end of the stream comes as an error.
func (in *input) receive(from io.Reader) error {
	if in.start == in.end {
		in.release()
	} else if in.end == len(in.buffer) {
		in.makeRoom()
	}
	n, err := from.Read(in.buffer[in.end:])
	in.end += n
	if n > 0 {
		return nil
	}
	return err
}

// makeRoom moves what is unread to where there is as much room again: memory grows
// with the bytes that came, not with the length that a client announced.
func (in *input) makeRoom() {
	unread := in.unread()
	borrowed := (*[borrowedBytes]byte)(nil)
	var buffer []byte
	if 2*len(unread) <= borrowedBytes {
		borrowed = inputBuffers.Get().(*[borrowedBytes]byte)
		buffer = borrowed[:]
	} else {
		buffer = make([]byte, 2*len(unread))
	}
	n := copy(buffer, unread)
	in.release()
	in.borrowed, in.buffer, in.end = borrowed, buffer, n
}

// release goes back to the idle array, forgetting what is unread.
func (in *input) release() {
	if in.borrowed != nil {
		inputBuffers.Put(in.borrowed)
		in.borrowed = nil
	}
	in.buffer, in.start, in.end = in.idle[:], 0, 0
}
