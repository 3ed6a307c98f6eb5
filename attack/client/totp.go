package client

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// TOTP is the six digits that an authenticator app shows at a moment (RFC 6238, SHA-1, 30 s). Spaces in the key are
// ignored.
func TOTP(key string, at time.Time) (string, error) {
	seed, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(strings.ToUpper(strings.Join(strings.Fields(key), "")), "="))
	if err != nil {
		return "", err
	}
	h := hmac.New(sha1.New, seed)
	_ = binary.Write(h, binary.BigEndian, uint64(at.Unix()/30)) // a hash takes everything
	sum := h.Sum(nil)
	at4 := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at4:])&0x7fffffff)%1_000_000), nil
}
