package house

import (
	"net/netip"

	"github.com/oschwald/maxminddb-golang/v2"

	"watchword/base/phone"
)

// places reads the operator's file of countries; nil without one.
func places(file string) (func(netip.Addr) string, error) {
	if file == "" {
		return nil, nil
	}
	db, err := maxminddb.Open(file)
	if err != nil {
		return nil, err
	}
	return func(a netip.Addr) string {
		var code string
		if err := db.Lookup(a).DecodePath(&code, "country", "iso_code"); err != nil || code == "" {
			return ""
		}
		return phone.CountryName(code)
	}, nil
}
