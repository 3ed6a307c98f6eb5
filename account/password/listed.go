package password

import (
	"crypto/sha256"
	_ "embed"
	"sort"
)

// common is the list of common passwords of @zxcvbn-ts/language-common 4.1.3 (MIT, see LICENSE-common.txt) as the
// first five octets of the SHA-256 of each entry, sorted. It is searched where it lies: no memory until it is read, no
// work at start. A stranger's password is taken for listed with a chance of about 1 in 20 million.
//
//go:embed common.bin
var common string

const commonSize = 5

func listed(s string) bool {
	h := sha256.Sum256([]byte(s))
	want := string(h[:commonSize])
	n := len(common) / commonSize
	at := func(i int) string { return common[i*commonSize : (i+1)*commonSize] }
	i := sort.Search(n, func(i int) bool { return at(i) >= want })
	return i < n && at(i) == want
}
