# The whole interface; CI calls only this. `make help` lists it.

MAVEN ?= mvn
SOURCES := $(shell find src/main -type f 2>/dev/null) pom.xml

.DEFAULT_GOAL := help
.PHONY: help images cluster cluster-down up down e2e test soak fuzz lock bench fmt lint lint-compile lint-text golden golden-templates clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

images: ## bake every role in every format (mvn package does the same, after the unit tests)
	$(MAVEN) -q package -Dmaven.test.skip

# The engine runs what this machine's processor does, and a bake is for amd64 unless it is told.
cluster: export HARDBAKE_ARCH := $(or $(HARDBAKE_ARCH),$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,amd64))
cluster: images ## run the whole cluster from the baked images in the local container engine
	./hardbake cluster up

cluster-down: ## remove that cluster, with all that is stored in it; its credentials stay
	./hardbake cluster down

up: images ## run the whole cluster with Vagrant from the baked boxes (vagrant/cluster.yaml)
	cd ./vagrant && vagrant up
	vagrant/ready

down: ## remove those machines, with all that is stored in them; credentials and boxes stay
	cd ./vagrant && vagrant destroy -f

# After Ctrl-C the shell of a recipe waits for what it runs, and goes on to stop what was started.
test: ## everything that CI checks; installs what the tests need on this host first
	src/test/host/setup
	$(MAKE) lint
	src/test/host/engine start
	src/test/host/libvirt start || { src/test/host/engine stop; exit 1; }
	trap : INT TERM; $(MAVEN) -B verify; status=$$?; src/test/host/libvirt stop; src/test/host/engine stop; exit $$status

e2e: images ## four machines with Vagrant: up, the tutorial's checks, a reboot, a controller made anew, destroy, up again
	src/test/host/libvirt start
	trap : INT TERM; src/test/host/e2e; status=$$?; src/test/host/libvirt stop; exit $$status

soak: ## the tests that take many minutes each: Kubernetes builds, other kernels and hosts, 200 kills, every package anew
	src/test/host/setup
	$(MAVEN) -B verify -Dhardbake.slow=true -Dit.test='DebianSourceIT,MachineUpgradeIT,MachineKernelIT,ContainerHostIT,KilledBakeIT,RecipesDocIT,SettleGoldenIT#installing*,FuzzIT'

fuzz: ## search for inputs that break a reader, an hour each (HARDBAKE_FUZZ_SECONDS): docs/fuzzing.md
	src/test/host/fuzz

lock: target/hardbake.jar ## resolve the packages anew and rewrite images/hardbake.lock
	./hardbake lock

bench: target/hardbake.jar ## time bakes, writers and boots against the usual programs, in pairs; clears the store of worked-out results
	src/test/host/bench

fmt: ## format the Java sources
	$(MAVEN) -q spotless:apply

lint: ## format, Error Prone, NullAway, the libraries' licences and shell scripts, without tests
	$(MAKE) -j 2 lint-compile lint-text

lint-compile:
	$(MAVEN) -q test-compile

lint-text:
	$(MAVEN) -q spotless:check license:add-third-party
	shellcheck hardbake .ci/run vagrant/ready vagrant/take-seed src/test/host/* src/main/resources/io/hardbake/disk/initramfs/init

golden: golden-templates ## rewrite the golden files of templates; review the diff before committing it

golden-templates:
	$(MAVEN) -q test -Dtest=RenderingTest -Dhardbake.golden=rewrite

clean: ## remove all that was built, and the clusters' credentials; the cache of downloads stays (hardbake cache prune)
	$(MAVEN) -q clean

target/hardbake.jar: $(SOURCES)
	$(MAVEN) -q package -Dmaven.test.skip -Dhardbake.skip
