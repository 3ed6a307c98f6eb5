// Empty: it lets argon2.go declare functions whose bodies stand in golang.org/x/crypto/argon2.
