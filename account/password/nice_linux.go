package password

import (
	"runtime"
	"syscall"
)

// niceness of hashing threads: enough that a request is served at once while every core hashes (decisions 10), and not so
// much that other programs of the machine starve logging in.
const niceness = 5

// aside runs f on a thread of its own that yields to all others, and waits for it. On Linux setpriority(2) reaches a
// single thread. The thread ends with f, so its priority stays with nobody else.
func aside(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, niceness) // without it hashing is merely less polite
		f()
	}()
	<-done
}
