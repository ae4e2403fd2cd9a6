module websocket

go 1.24
