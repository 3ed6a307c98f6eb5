package smsc

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
)

// IDForm says how message ids look in responses and in receipts.
type IDForm string

// The forms; "" is Decimal.
const (
	Decimal    IDForm = "decimal"
	Hex        IDForm = "hex"         // lower case in both
	HexDec     IDForm = "hex_dec"     // hexadecimal in the response, decimal in the receipt
	DecHex     IDForm = "dec_hex"     // the other way round
	UpperLower IDForm = "upper_lower" // hexadecimal, upper case in the response, lower in the receipt
	LowerUpper IDForm = "lower_upper"
	Zeros      IDForm = "zeros"      // ten digits with leading zeros in the response, without in the receipt
	ZerosLater IDForm = "zeros_late" // the other way round
	UUID       IDForm = "uuid"       // with leading zeros and dashes
	Long       IDForm = "long"       // 64 characters
)

// idMaker counts from a start that differs from run to run.
type idMaker struct {
	start uint64
	count atomic.Uint64
}

// next gives one id in both its forms.
func (m *idMaker) next(form IDForm) (response, receipt string) {
	n := m.start + m.count.Add(1)
	switch form {
	case Hex:
		response = strconv.FormatUint(n, 16)
	case HexDec:
		return strconv.FormatUint(n, 16), strconv.FormatUint(n, 10)
	case DecHex:
		return strconv.FormatUint(n, 10), strconv.FormatUint(n, 16)
	case UpperLower, LowerUpper:
		lower := "a" + strconv.FormatUint(n, 16)
		if form == UpperLower {
			return strings.ToUpper(lower), lower
		}
		return lower, strings.ToUpper(lower)
	case Zeros, ZerosLater:
		bare := strconv.FormatUint(n, 10)
		if form == Zeros {
			return "0000" + bare, bare
		}
		return bare, "0000" + bare
	case UUID:
		response = fmt.Sprintf("00%06x-%04x-4%03x-8%03x-%012x", n>>40, n>>24&0xFFFF, n>>12&0xFFF, n&0xFFF, n)
	case Long:
		response = fmt.Sprintf("%064x", n)
		response = "f" + response[1:]
	default:
		response = strconv.FormatUint(n, 10)
	}
	return response, response
}
