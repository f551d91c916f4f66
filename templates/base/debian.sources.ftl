Types: deb
URIs: [=debian.mirror]
Suites: [=debian.suite] [=debian.suite]-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: [=debian.securityMirror]
Suites: [=debian.suite]-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
