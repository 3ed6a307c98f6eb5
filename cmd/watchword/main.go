// Command watchword is the whole of Watchword; see "watchword --help".
package main

import (
	"os"

	_ "watchword/base/begin" // starts quicker
	"watchword/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], &cli.Terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
