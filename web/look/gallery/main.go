// The gallery shows every component and sample pages with invented people, to
// look at while working on the look: go run ./web/look/gallery
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	at := "127.0.0.1:8090"
	if len(os.Args) > 1 {
		at = os.Args[1]
	}
	listener, err := net.Listen("tcp", at)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, handler()))
}
