# Kubernetes talks a lot; the journal must not fill a small disk.
[Journal]
SystemMaxUse=200M
