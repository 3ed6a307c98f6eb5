package password

import (
	"encoding/binary"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/blake2b"
	_ "unsafe" // for go:linkname
)

// block is one KiB of argon2's memory (RFC 9106 §3.1).
type block [128]uint64

// The parts of golang.org/x/crypto/argon2 that do the work: the compression function G (RFC 9106 §3.5) and the hash of any
// length H' (§3.3). Its IDKey fetches new memory for every hash, 19 MiB that the system must clear and map page by page
// and the collector then has to find: together as costly as half of the hash itself. So the filling of the memory stands
// here and everything else there. A test compares both for many parameters; a release of the library without these
// functions does not link.
//
//go:linkname compress golang.org/x/crypto/argon2.processBlock
//go:noescape
func compress(out, a, b *block)

//go:linkname compressXOR golang.org/x/crypto/argon2.processBlockXOR
//go:noescape
func compressXOR(out, a, b *block)

//go:linkname longHash golang.org/x/crypto/argon2.blake2bHash
func longHash(out, in []byte)

const (
	quarters   = 4 // of a pass (RFC 9106 §3.4)
	argon2idIs = 2 // the type in the hash and in the counter (§3.2)
	leastKiB   = 2 * quarters
)

// argon2id is argon2.IDKey with one lane, in memory that is given: what memory holds before has no influence. It returns
// the tag and the memory, grown where it was too small. Memory is in KiB, passes at least 1.
func argon2id(memory []block, password, salt []byte, passes, kib, size uint32) (tag []byte, _ []block) {
	n := max(kib/quarters*quarters, leastKiB)
	if uint32(cap(memory)) < n {
		memory = make([]block, n)
	}
	memory = memory[:n]
	seed := firstHash(password, salt, passes, kib, size)
	var first [1024]byte
	for i := range 2 {
		binary.LittleEndian.PutUint32(seed[blake2b.Size:], uint32(i)) // the lane behind it is 0
		longHash(first[:], seed)
		for k := range memory[i] {
			memory[i][k] = binary.LittleEndian.Uint64(first[k*8:])
		}
	}
	for pass := range passes {
		for slice := range uint32(quarters) {
			fill(memory, pass, slice, passes)
		}
	}
	for k, v := range memory[n-1] {
		binary.LittleEndian.PutUint64(first[k*8:], v)
	}
	tag = make([]byte, size)
	longHash(tag, first[:])
	return tag, memory
}

// firstHash is H0 (RFC 9106 §3.2) with room for the eight octets that follow it in the first blocks.
func firstHash(password, salt []byte, passes, kib, size uint32) []byte {
	b := make([]byte, 0, 40+len(password)+len(salt))
	for _, v := range [...]uint32{1, size, kib, passes, argon2.Version, argon2idIs} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	for _, s := range [...][]byte{password, salt, nil, nil} { // neither secret nor associated data
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	h := blake2b.Sum512(b)
	return append(h[:], make([]byte, 8)...)
}

// fill computes a quarter of the memory (RFC 9106 §3.4). In the first half of the first pass the places that are read do
// not depend on the password (§3.4.1.2), afterwards they do.
func fill(memory []block, pass, slice, passes uint32) {
	lane := uint32(len(memory))
	segment := lane / quarters
	apart := pass == 0 && slice < quarters/2
	var counter, places, zero block
	counter = block{uint64(pass), 0, uint64(slice), uint64(lane), uint64(passes), argon2idIs}
	begin := uint32(0)
	if pass == 0 && slice == 0 {
		begin = 2
	}
	for i := begin; i < segment; i++ {
		at := slice*segment + i
		before := (at + lane - 1) % lane
		random := memory[before][0]
		if apart {
			if i%uint32(len(places)) == 0 || i == begin {
				counter[6]++
				compress(&places, &counter, &zero)
				compress(&places, &places, &zero)
			}
			random = places[i%uint32(len(places))]
		}
		with := reference(random, lane, segment, pass, slice, i)
		if pass == 0 {
			compress(&memory[at], &memory[before], &memory[with])
		} else {
			compressXOR(&memory[at], &memory[before], &memory[with])
		}
	}
}

// reference maps a random number to the block that is read (RFC 9106 §3.4.1 and §3.4.2).
func reference(random uint64, lane, segment, pass, slice, i uint32) uint32 {
	size, from := 3*segment+i-1, (slice+1)%quarters*segment
	if pass == 0 {
		size, from = slice*segment+i-1, 0
	}
	x := random & 0xffffffff
	x = x * x >> 32
	x = x * uint64(size) >> 32
	return uint32((uint64(from) + uint64(size) - 1 - x) % uint64(lane))
}
