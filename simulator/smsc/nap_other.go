//go:build !linux

package smsc

import "time"

func napFor(d time.Duration) { time.Sleep(d) }
