package main

import (
	"bufio"
	"io"
	"strconv"
	"sync"
)

const outputBytes = 16 << 10

var outputBuffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, outputBytes) }}

// output collects the answers to a batch. It holds a buffer only while there are any.
// A failed write is reported by flush.
type output struct {
	to     io.Writer
	buffer *bufio.Writer
}

func (out *output) writer() *bufio.Writer {
	if out.buffer == nil {
		out.buffer = outputBuffers.Get().(*bufio.Writer)
		out.buffer.Reset(out.to)
	}
	return out.buffer
}

func (out *output) respond(status status, closes bool, contentType string, body []byte) {
	w := out.writer()
	w.WriteString("HTTP/1.1 ")
	w.WriteString(status.line())
	if contentType != "" {
		w.WriteString("\r\nContent-Type: ")
		w.WriteString(contentType)
	}
	if closes {
		w.WriteString("\r\nConnection: close")
	}
	w.WriteString("\r\nContent-Length: ")
	w.Write(strconv.AppendInt(w.AvailableBuffer(), int64(len(body)), 10))
	w.WriteString("\r\n\r\n")
	w.Write(body)
}

func (out *output) askForBody() {
	out.writer().WriteString("HTTP/1.1 100 Continue\r\n\r\n")
}

func (out *output) flush() error {
	if out.buffer == nil {
		return nil
	}
	err := out.buffer.Flush()
	out.buffer.Reset(nil) // a pooled buffer must not keep a closed connection alive
	outputBuffers.Put(out.buffer)
	out.buffer = nil
	return err
}
