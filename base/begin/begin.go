// Package begin keeps the garbage collector quiet for the first tenth of a second of a program that imports it. Libraries
// fill some ten megabytes of tables before main is called, all of which stay; looking for garbage among them three times
// is a fifth of the time in which a server starts. A limit of memory (GOMEMLIMIT) holds meanwhile. The package imports
// next to nothing, so that Go initialises it before most of those libraries.
package begin

import (
	"runtime/debug"
	"time"
)

func init() {
	percent := debug.SetGCPercent(-1)
	time.AfterFunc(100*time.Millisecond, func() { debug.SetGCPercent(percent) })
}
