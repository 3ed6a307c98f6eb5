package store

// Setting reads one of the installation's own values ("" when it was never set), such as whether it is staging.
func (tx *Tx) Setting(name string) (string, error) {
	var v string
	err := tx.QueryRow(`SELECT value FROM store_setting WHERE name = $1`, name).Scan(&v)
	if IsNoRows(err) {
		return "", nil
	}
	return v, err
}

// SetSetting writes one of the installation's own values.
func (tx *Tx) SetSetting(name, value string) error {
	_, err := tx.Exec(`INSERT INTO store_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}
