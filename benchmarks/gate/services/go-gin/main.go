// A list as JSON, from gin with its recovery middleware.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"

	"github.com/gin-gonic/gin"
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

	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Use(gin.Recovery())
	router.GET("/", func(c *gin.Context) {
		for i := 0; i < extraRounds; i++ {
			if _, err := json.Marshal(items[i%len(items)]); err != nil {
				panic(err)
			}
		}
		c.JSON(http.StatusOK, items)
	})
	log.Fatal(router.Run("127.0.0.1:" + os.Getenv("PORT")))
}
