package contact

import (
	"crypto/hmac"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"watchword/base/store"
)

const receiptPurpose = "contact.receipt"

// receipt is the signed record of an export, kept when the file is gone: who, when, from where, with which factor, which
// rows and fields, and the hash of the file. The last line signs those above it with a key of the ring.
func (r *Room) receipt(x *exported) string {
	var b strings.Builder
	fields := make([]string, len(x.Fields))
	for i, f := range x.Fields {
		fields[i] = string(f)
	}
	for _, l := range [][2]string{{"Export", x.ID}, {"Mark", mark(x.ID)}, {"Organisation", string(x.org)}, {"By", x.ByName + " (" + string(x.By) + ")"},
		{"Factor", x.Factor}, {"Address", x.address}, {"Device", x.device}, {"Asked", store.Time(x.Created).Format(time.RFC3339)},
		{"Written", store.Time(x.Finished).Format(time.RFC3339)}, {"List", string(x.Filter.List)}, {"Search", x.Filter.Search},
		{"Fields", strings.Join(fields, ", ")}, {"Rows", strconv.FormatInt(x.Rows, 10)}, {"Octets", strconv.FormatInt(x.Size, 10)}, {"SHA-256", x.SHA256}} {
		fmt.Fprintf(&b, "%s: %s\n", l[0], strings.Join(strings.Fields(l[1]), " "))
	}
	key := r.Ring.Current()
	return fmt.Sprintf("%sSignature: %08x.%s\n", b.String(), key, hex.EncodeToString(r.Ring.MAC(key, receiptPurpose, b.String())))
}

// Genuine says whether a receipt was signed by this installation and not changed since.
func (r *Room) Genuine(receipt string) bool {
	const head = "Signature: "
	i := strings.LastIndex(receipt, head)
	if i < 0 {
		return false
	}
	key, mac, ok := strings.Cut(strings.TrimSpace(receipt[i+len(head):]), ".")
	n, err := strconv.ParseUint(key, 16, 32)
	if !ok || err != nil || !r.Ring.Has(uint32(n)) {
		return false
	}
	return hmac.Equal([]byte(hex.EncodeToString(r.Ring.MAC(uint32(n), receiptPurpose, receipt[:i]))), []byte(mac))
}
