// A list as JSON, from net/http with chi's router and two of its middlewares.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

type item struct {
	ID    int      `json:"id"`
	Name  string   `json:"name"`
	Price float64  `json:"price"`
	Tags  []string `json:"tags"`
}

func number(name string) int {
	n, _ := strconv.Atoi(os.Getenv(name))
	return n
}

// What is kept for ever, every page of it written.
var kept []byte

func main() {
	extraRounds := number("EXTRA_CPU")
	kept = make([]byte, number("KEEP_KB")*1024)
	for i := range kept {
		kept[i] = 1
	}
	items := make([]item, 20)
	for i := range items {
		items[i] = item{i, "item " + strconv.Itoa(i), float64(i) * 1.5, []string{"small", "blue"}}
	}

	router := chi.NewRouter()
	router.Use(middleware.RequestID, middleware.Recoverer)
	router.Get("/", func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < extraRounds; i++ {
			if _, err := json.Marshal(items[i%len(items)]); err != nil {
				panic(err)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(items); err != nil {
			log.Print(err)
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), router))
}
