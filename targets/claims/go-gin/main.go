// Command go-gin is a REST API of gin's, as its documentation begins.
package main

import (
	"net"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.GET("/health", func(c *gin.Context) { c.Status(http.StatusOK) })
	router.GET("/users/:id", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"id": c.Param("id")}) })
	if err := router.Run(net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT"))); err != nil {
		panic(err)
	}
}
