// Command local-certificates makes the keys and certificates of one local control plane.
//
// It reads a JSON list of requests from stdin and writes <authority>-ca.crt, <name>.crt and <name>.key to the folder
// given as its only argument. The key of an authority is thrown away once its certificates are signed: nobody, not even
// who can read the folder, can make another user of that cluster later.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// validity is long enough for a cluster kept between two holidays; the caller renews before it ends.
const validity = 365 * 24 * time.Hour

// request asks for one certificate. With hosts it identifies a server (and may also act as a client, which etcd's peer
// listener needs), without hosts a client only.
type request struct {
	Authority     string   `json:"authority"`
	Name          string   `json:"name"`
	CommonName    string   `json:"commonName"`
	Organizations []string `json:"organizations"`
	Hosts         []string `json:"hosts"`
}

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func main() {
	if len(os.Args) != 2 {
		exit(fmt.Errorf("usage: local-certificates FOLDER < requests.json"))
	}
	var requests []request
	if err := json.NewDecoder(os.Stdin).Decode(&requests); err != nil {
		exit(fmt.Errorf("read requests: %w", err))
	}
	exit(issueAll(os.Args[1], requests))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "local-certificates:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func issueAll(folder string, requests []request) error {
	authorities := map[string]*authority{}
	for _, wanted := range requests {
		if authorities[wanted.Authority] == nil {
			created, err := newAuthority(folder, wanted.Authority)
			if err != nil {
				return fmt.Errorf("authority %s: %w", wanted.Authority, err)
			}
			authorities[wanted.Authority] = created
		}
		if err := authorities[wanted.Authority].issue(folder, wanted); err != nil {
			return fmt.Errorf("certificate %s: %w", wanted.Name, err)
		}
	}
	return nil
}

func newAuthority(folder, name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template, err := newTemplate(pkix.Name{CommonName: "sloth-runner local " + name})
	if err != nil {
		return nil, err
	}
	template.IsCA = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &authority{certificate, key}, writePEM(filepath.Join(folder, name+"-ca.crt"), "CERTIFICATE", der)
}

func (a *authority) issue(folder string, wanted request) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template, err := newTemplate(pkix.Name{CommonName: wanted.CommonName, Organization: wanted.Organizations})
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if len(wanted.Hosts) > 0 {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	for _, host := range wanted.Hosts {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	return writePair(filepath.Join(folder, wanted.Name), der, key)
}

func newTemplate(subject pkix.Name) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		SerialNumber:          serial,
		Subject:               subject,
		NotBefore:             time.Now().Add(-time.Minute), // a clock set back a little must not refuse us
		NotAfter:              time.Now().Add(validity),
		BasicConstraintsValid: true,
	}, nil
}

func writePair(path string, certificate []byte, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := writePEM(path+".key", "PRIVATE KEY", der); err != nil {
		return err
	}
	return writePEM(path+".crt", "CERTIFICATE", certificate)
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
