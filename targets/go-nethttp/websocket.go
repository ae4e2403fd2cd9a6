package main

import (
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// mostWaiting is how many messages a member of the room may be behind before it is let go.
const mostWaiting = 256

// Its buffers are those that net/http had for the connection.
var upgrader websocket.Upgrader

// echoMessages ends with its client, or with what the client may not send, which the
// library answers with a close.
func echoMessages(w http.ResponseWriter, r *http.Request) {
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer socket.Close()
	socket.SetReadLimit(maxBodyBytes)
	for {
		kind, message, err := socket.ReadMessage()
		if err != nil {
			return
		}
		if socket.WriteMessage(kind, message) != nil {
			return
		}
	}
}

// room passes what one of its members says on to all others.
type room struct {
	mutex   sync.Mutex
	members map[*member]struct{}
}

// member writes from a goroutine of its own, so that one who does not read holds up no other.
type member struct {
	socket  *websocket.Conn
	waiting chan *websocket.PreparedMessage
}

func newRoom() *room {
	return &room{members: map[*member]struct{}{}}
}

func (r *room) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	socket, err := upgrader.Upgrade(w, request, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer socket.Close()
	socket.SetReadLimit(maxBodyBytes)
	self := &member{socket, make(chan *websocket.PreparedMessage, mostWaiting)}
	r.enter(self)
	defer r.leave(self)
	go self.write()
	for {
		kind, content, err := socket.ReadMessage()
		if err != nil {
			return
		}
		message, err := websocket.NewPreparedMessage(kind, content)
		if err != nil {
			return
		}
		r.pass(message, self)
	}
}

func (r *room) enter(self *member) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.members[self] = struct{}{}
}

func (r *room) leave(self *member) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	delete(r.members, self)
	close(self.waiting)
}

func (r *room) pass(message *websocket.PreparedMessage, sender *member) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for each := range r.members {
		if each == sender {
			continue
		}
		select {
		case each.waiting <- message:
		default:
			each.socket.Close() // its reader then leaves the room
		}
	}
}

func (m *member) write() {
	for message := range m.waiting {
		if m.socket.WritePreparedMessage(message) != nil {
			m.socket.Close()
			return
		}
	}
}
