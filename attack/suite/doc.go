// Package suite attacks Watchword from outside, through its pages and the phones and mailbox of the simulator, as a
// stranger, a thief or a person would. Each test names the rows of the security rules that it proves.
//
// go test ./attack/suite builds the program once and runs every row against a demonstration of its own, on SQLite and on
// PostgreSQL. With WATCHWORD_URL and WATCHWORD_SIMULATOR set it attacks that one instead (make attack URL=… SIMULATOR=…):
// a demonstration or a staging server, never a server with real people. It moves that server's clock and breaks its
// carrier and mail server for moments.
package suite
