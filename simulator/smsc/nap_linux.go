package smsc

import (
	"syscall"
	"time"
)

// napFor sleeps in the kernel, which is exact to some fifty microseconds.
func napFor(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	syscall.Nanosleep(&t, nil)
}
