// A WebSocket echo as fast as Go's net has it: a goroutine for each connection, frames of less than
// 64 KiB, answered as they come. What a read brings is answered by one write.
//
//	websocket ADDRESS
package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

// RFC 6455 §1.3.
const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

func main() {
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(connection)
	}
}

func serve(connection net.Conn) {
	defer connection.Close()
	in := bufio.NewReaderSize(connection, 1<<16)
	out := bufio.NewWriterSize(connection, 1<<16)
	request, err := http.ReadRequest(in)
	if err != nil {
		return
	}
	sum := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + guid))
	accept := base64.StdEncoding.EncodeToString(sum[:])
	io.WriteString(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"+
		"Connection: Upgrade\r\nSec-WebSocket-Accept: "+accept+"\r\n\r\n")
	frame := make([]byte, 1<<16)
	for {
		if in.Buffered() == 0 && out.Flush() != nil {
			return
		}
		if echo(in, out, frame) != nil {
			return
		}
	}
}

// echo answers one frame (RFC 6455 §5.2) with its payload, unmasked.
func echo(in *bufio.Reader, out *bufio.Writer, payload []byte) error {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:2]); err != nil {
		return err
	}
	length := int(head[1] & 0x7f)
	if length == 126 {
		if _, err := io.ReadFull(in, head[2:4]); err != nil {
			return err
		}
		length = int(binary.BigEndian.Uint16(head[2:4]))
	} else if length == 127 {
		return io.ErrShortBuffer
	}
	var mask [4]byte
	if _, err := io.ReadFull(in, mask[:]); err != nil {
		return err
	}
	if _, err := io.ReadFull(in, payload[:length]); err != nil {
		return err
	}
	for i := range payload[:length] {
		payload[i] ^= mask[i&3]
	}
	if length < 126 {
		out.Write([]byte{head[0], byte(length)})
	} else {
		out.Write([]byte{head[0], 126, byte(length >> 8), byte(length)})
	}
	_, err := out.Write(payload[:length])
	return err
}
