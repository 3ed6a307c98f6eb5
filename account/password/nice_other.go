//go:build !linux

package password

// aside runs f. Elsewhere than on Linux a thread's priority cannot be told apart from the process's.
func aside(f func()) { f() }
