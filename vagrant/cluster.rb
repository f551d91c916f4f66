# What the Vagrantfile knows of the cluster, the boxes and the credentials. Plain Ruby, no Vagrant.

require "erb"
require "etc"
require "fileutils"
require "ipaddr"
require "json"
require "openssl"
require "shellwords"
require "yaml"

module Hardbake
  # Shown as it is, without a stack trace: what is wrong, and what to do.
  class Problem < StandardError
    def initialize(problem, remedy)
      super("#{problem}\n  remedy: #{remedy}")
    end
  end

  Node = Struct.new(:name, :role, :address, :memory, :cpus)

  # A role's box as its catalog describes it. The version follows from the content, so asking for
  # the very version that was baked last never finds an older disk.
  Box = Struct.new(:name, :version, :catalog_url)

  # Vagrant decodes paths in URLs: a space, # or % would lead it to another file, or to none.
  def self.url(path)
    names = path.split("/", -1)
    "file://" + names.map { |name| name.match?(/\A[A-Za-z]:\z/) ? name : ERB::Util.url_encode(name) }.join("/")
  end

  # What the environment says; an empty variable is as good as none.
  def self.variable(name)
    value = ENV[name]
    value unless value.to_s.empty?
  end

  # This host's, in Debian's words, which are the catalog's.
  def self.architecture
    machine = Etc.uname[:machine].downcase
    { "x86_64" => "amd64", "x64" => "amd64", "aarch64" => "arm64" }.fetch(machine, machine)
  end

  # cluster.yaml, checked.
  class Cluster
    attr_reader :file, :nodes, :netmask, :emulated_cpu, :network, :pool

    def self.read(file)
      new(YAML.safe_load(File.read(file)) || {}, file)
    rescue Psych::Exception => e
      raise Problem.new("#{file}: #{e.message}", "write it as YAML")
    rescue SystemCallError => e
      raise Problem.new("#{file} cannot be read: #{e.class.new.message}",
                        "name a cluster.yaml that is there: HARDBAKE_CLUSTER=FILE")
    end

    def initialize(settings, file)
      @file = file
      @settings = settings
      @netmask = mask.to_s
      @emulated_cpu = text("libvirt", "cpu")
      @network = text("libvirt", "network")
      @pool = text("libvirt", "pool")
      @nodes = controllers + [node("loadbalancer", "loadbalancer", address("loadbalancer", "address"))]
      check_addresses
    end

    def controllers
      first = address("controllers", "address")
      count = number("controllers", "count")
      (0...count).map do |index|
        following = IPAddr.new(first.to_i + index, Socket::AF_INET)
        node("controller-#{index}", "controllers", following)
      end
    rescue IPAddr::Error
      wrong("controllers.address", value("controllers", "address"), "one that leaves room for #{count}")
    end

    def loadbalancer
      nodes.last
    end

    # kvm or qemu.
    def driver
      wanted = Hardbake.variable("HARDBAKE_LIBVIRT_DRIVER") || text("libvirt", "driver")
      case wanted
      when "kvm", "qemu" then wanted
      when "auto" then Cluster.kvm? ? "kvm" : "qemu"
      else wrong("libvirt.driver", wanted, "kvm, qemu or auto")
      end
    end

    KVM_GET_API_VERSION = 0xAE00

    # A /dev/kvm on a processor that has no virtualisation of its own runs firmware and boot loader,
    # and then hangs. That this user may not open it says nothing of libvirt's own user.
    def self.kvm?
      flags = File.foreach("/proc/cpuinfo").grep(/^flags\s*:/).first
      return false unless flags.nil? || flags.match?(/\b(vmx|svm)\b/)

      File.open("/dev/kvm", "r+") { |device| device.ioctl(KVM_GET_API_VERSION, 0) == 12 }
    rescue Errno::EACCES
      true
    rescue SystemCallError
      false
    end

    private

    def node(name, section, address)
      role = section == "controllers" ? "controller" : "loadbalancer"
      Node.new(name, role, address.to_s, number(section, "memory"), number(section, "cpus"))
    end

    def check_addresses
      nodes.group_by(&:address).each do |address, same|
        next if same.size == 1

        wrong("address", address, "an address of its own for #{same.map(&:name).join(' and ')}")
      end
      networks = nodes.map { |node| IPAddr.new("#{node.address}/#{netmask}").to_s }.uniq
      wrong("address", networks.join(" and "), "all addresses in one network") if networks.size > 1
      refuse_taken(IPAddr.new("#{networks.first}/#{netmask}").to_range)
      refuse_unusable
    end

    # What first boot would refuse, or no other machine could reach.
    UNUSABLE = ["10.0.2.0/24", "127.0.0.0/8"].map { |network| IPAddr.new(network) }.freeze
    private_constant :UNUSABLE

    def refuse_unusable
      nodes.each do |node|
        next if UNUSABLE.none? { |network| network.include?(IPAddr.new(node.address)) }

        wrong("address", node.address, "one of another network for #{node.name}: VirtualBox's NAT gives 10.0.2.15 " \
                                       "to every machine, and 127.0.0.1 is each machine itself")
      end
    end

    # A network's first address is its own, the next one this host's, and the last one everybody's.
    def refuse_taken(network)
      free = (network.first.to_i + 2)..(network.last.to_i - 1)
      nodes.each do |node|
        next if free.cover?(IPAddr.new(node.address).to_i)

        from, to = [free.first, free.last].map { |number| IPAddr.new(number, Socket::AF_INET) }
        wrong("address", node.address, "one between #{from} and #{to} for #{node.name}")
      end
    end

    def address(*keys)
      ipv4(keys, "an IPv4 address")
    end

    # With room for a controller and a load balancer.
    def mask
      wanted = "a netmask such as 255.255.255.0"
      mask = ipv4(["netmask"], wanted)
      format("%032b", mask.to_i).match?(/\A1+000+\z/) ? mask : wrong("netmask", mask.to_s, wanted)
    end

    # IPAddr would make a network's address of 10.0.0.5/24.
    def ipv4(keys, wanted)
      written = value(*keys).to_s
      raise IPAddr::InvalidAddressError if written.include?("/")

      IPAddr.new(written, Socket::AF_INET)
    rescue IPAddr::Error
      wrong(keys.join("."), value(*keys), wanted)
    end

    def number(*keys)
      value = value(*keys)
      value.is_a?(Integer) && value.positive? ? value : wrong(keys.join("."), value, "a whole number above 0")
    end

    def text(*keys)
      value = value(*keys)
      value.is_a?(String) ? value : wrong(keys.join("."), value, "a text")
    end

    def value(*keys)
      keys.reduce(@settings) { |settings, key| settings.is_a?(Hash) ? settings[key] : nil }
    end

    def wrong(key, value, wanted)
      raise Problem.new("#{@file}: #{key} is #{value.inspect}", "write #{wanted}")
    end
  end

  # The project's directory, or where else the bake's --output was: what it left there, and what
  # machines are given.
  class Project
    def initialize(root, output)
      @root = root
      output = File.expand_path(output || "target", root)
      @boxes = File.join(output, "boxes")
      @work = File.join(output, "vagrant")
      @credentials = File.join(@work, "credentials")
      # Relative to the Vagrantfile, as Vagrant takes it.
      remembered = Hardbake.variable("VAGRANT_DOTFILE_PATH") || ".vagrant"
      @machines = File.join(File.expand_path(remembered, File.join(root, "vagrant")), "machines")
    end

    # Whether it has what is read of it here.
    def self.catalog?(json)
      json.is_a?(Hash) && json["name"].is_a?(String) && list?(json["versions"]) do |version|
        version["version"].is_a?(String) && list?(version["providers"]) do |box|
          box["url"].is_a?(String)
        end
      end
    end

    def self.list?(json, &member)
      json.is_a?(Array) && !json.empty? && json.all? { |each| each.is_a?(Hash) && member.call(each) }
    end
    private_class_method :list?

    # The file that describes the cluster: the one that was named, or the project's own.
    def description(named)
      path(named || File.join("vagrant", "cluster.yaml"))
    end

    # What the environment names; Vagrant runs in its own directory, whatever the user's is.
    def path(named)
      File.expand_path(named, @root)
    end

    # Nil where none was baked, or none that can be read: machines can be destroyed without.
    def box(role)
      catalog = catalog(role)
      url = Hardbake.url(File.join(@work, "#{role}.json"))
      Box.new(catalog["name"], catalog["versions"].last["version"], url)
    rescue Problem
      nil
    end

    def seed(node)
      File.join(@work, "seed", node.name)
    end

    # The directory for what machines write to their consoles; nil where nobody wants to see it.
    def consoles
      named = Hardbake.variable("HARDBAKE_CONSOLES")
      path(named) if named
    end

    # All that has to be there before a machine starts.
    def prepare(cluster)
      refuse_left_over(cluster)
      make_consoles
      cluster.nodes.map(&:role).uniq.each { |role| absolute_catalog(role) }
      alone do
        credentials(cluster)
        cluster.nodes.each { |node| write_seed(node, cluster) }
      end
    end

    private

    # People start machines side by side, each with a Vagrant of its own; one of them prepares.
    def alone
      FileUtils.mkdir_p(@work)
      File.open(File.join(@work, "lock"), File::RDWR | File::CREAT, 0o600) do |lock|
        begin
          lock.flock(File::LOCK_EX)
        rescue Errno::ENOLCK, Errno::ENOTSUP, Errno::ENOSYS
          # Not every file system has locks.
        end
        yield
      end
    end

    # Vagrant destroys what the Vagrantfile defines. A controller that it no longer does goes on
    # running, and the members of its etcd would meet those of the next cluster.
    def refuse_left_over(cluster)
      left = standing - cluster.nodes.map(&:name)
      return if left.empty?

      raise Problem.new("#{left.join(', ')} still there, and no part of #{cluster.file}",
                        "put the number of controllers there back, run: vagrant destroy -f #{left.join(' ')}; " \
                        "then change it")
    end

    # The names of controllers that Vagrant remembers.
    def standing
      Dir.glob("controller-*/*/id", base: @machines).map { |id| id.split("/").first }.uniq.sort
    end

    # libvirt makes files for consoles, but no directory.
    def make_consoles
      FileUtils.mkdir_p(consoles) if consoles
    rescue SystemCallError => e
      raise Problem.new("#{consoles} cannot be made: #{e.class.new.message}",
                        "name a directory for consoles: HARDBAKE_CONSOLES=DIR")
    end

    # Vagrant takes a catalog's URLs relative to the directory that it runs in, and before 2.4 a
    # provider's last box, whatever its architecture.
    def absolute_catalog(role)
      catalog = catalog(role)
      here = Hardbake.architecture
      catalog["versions"].each { |version| version["providers"].select! { |box| box["architecture"] == here } }
      providers = catalog["versions"].flat_map { |version| version["providers"] }
      raise Problem.new("#{catalog_file(role)} has no box for #{here}", "bake it: HARDBAKE_ARCH=#{here} make images") if providers.empty?

      providers.each do |provider|
        box = File.expand_path(provider["url"], @boxes)
        raise Problem.new("#{box} is missing", "bake it: make images") unless File.exist?(box)

        provider["url"] = Hardbake.url(box)
      end
      write(File.join(@work, "#{role}.json"), JSON.pretty_generate(catalog), 0o644)
    end

    # As the bake left it.
    def catalog(role)
      catalog = JSON.parse(File.read(catalog_file(role)))
      raise JSON::ParserError unless Project.catalog?(catalog)

      catalog
    rescue Errno::ENOENT
      raise Problem.new("there is no box of the #{role}: #{catalog_file(role)} is missing", "bake it: make images")
    rescue JSON::ParserError
      raise Problem.new("#{catalog_file(role)} is no catalog of boxes", "bake it anew: make images")
    end

    def catalog_file(role)
      File.join(@boxes, "#{role}.json")
    end

    # Made once. Where cluster.yaml has another machine or address than they were made for, and
    # where they soon expire, the certificates are renewed, from the same CA.
    def credentials(cluster)
      names = cluster.controllers.flat_map { |node| ["--controller", "#{node.name}=#{node.address}"] }
      names += ["--load-balancer", "#{cluster.loadbalancer.name}=#{cluster.loadbalancer.address}"]
      known = File.join(@work, "credentials-for")
      whole = File.exist?(File.join(@credentials, "ca.pem"))
      return if whole && File.exist?(known) && File.read(known) == names.join(" ") && !expiring?

      # A change that was cut off is there without ca.pem; the next one finishes it first.
      made = whole || File.exist?(File.join(@credentials, ".complete"))
      refuse_strangers unless made
      command = hardbake_credentials(*names)
      command << "--renew" if made
      warn "#{made ? 'renewing' : 'making'} the cluster's credentials in #{@credentials}"
      unless system(*command, out: :err)
        raise Problem.new("there are no credentials of the cluster in #{@credentials}",
                          "see what hardbake says above; or make them: #{command.shelljoin}")
      end
      write(known, names.join(" "), 0o644)
    end

    def hardbake_credentials(*words)
      [File.join(@root, "hardbake"), "credentials", "--out", @credentials, *words]
    end

    MONTH = 30 * 24 * 60 * 60 # s
    private_constant :MONTH

    # Within 30 days, as `hardbake credentials --show` counts, or the last third of a shorter life.
    # One speaks for all, which are renewed together. What is damaged is named where it is used.
    def expiring?
      certificate = OpenSSL::X509::Certificate.new(File.read(File.join(@credentials, "kubernetes.pem")))
      life = certificate.not_after - certificate.not_before
      certificate.not_after - Time.now < [MONTH, life / 3].min
    rescue OpenSSL::X509::CertificateError, SystemCallError
      false
    end

    # Another CA and another encryption key on controllers that stand would lose all their Secrets.
    def refuse_strangers
      return if standing.empty?

      raise Problem.new("#{standing.join(', ')} already had credentials, and #{@credentials} has none",
                        "restore them as docs/vagrant.md says; or give up what these machines store: " \
                        "vagrant destroy -f")
    end

    FOR_CONTROLLERS = %w[
      ca.pem ca-key.pem kubernetes.pem kubernetes-key.pem service-account.pem service-account-key.pem
      encryption-config.yaml kube-controller-manager.kubeconfig kube-scheduler.kubeconfig
      admin.kubeconfig
    ].freeze

    # What is in one of them, which may have been lost since they were made.
    def credential(name)
      file = File.join(@credentials, name)
      File.read(file)
    rescue SystemCallError => e
      raise Problem.new("#{file} cannot be read: #{e.class.new.message}",
                        "see what else is wrong: #{hardbake_credentials('--show').shelljoin}; " \
                        "make certificates and kubeconfigs anew: #{hardbake_credentials('--renew').shelljoin}")
    end

    # Emulated machines that share few cores are silent for seconds, and members that are in time for
    # nothing but elections never come to anything else. What is true of libvirt is assumed of
    # VirtualBox, since a Vagrantfile does not know which of them is asked for.
    PATIENCE_OF_ETCD = "ETCD_HEARTBEAT_INTERVAL=1000\nETCD_ELECTION_TIMEOUT=10000\n"

    # Another Vagrant may be uploading the directory: it is left where it says the same, and replaced
    # as a whole where it does not.
    def write_seed(node, cluster)
      wanted = seed_files(node, cluster)
      directory = seed(node)
      return if files_in(directory) == wanted

      made = File.join(File.dirname(directory), ".#{node.name}")
      FileUtils.rm_rf(made)
      FileUtils.mkdir_p(made, mode: 0o700)
      wanted.each { |name, text| write(File.join(made, name), text, 0o600) }
      FileUtils.rm_rf(directory)
      File.rename(made, directory)
    end

    def files_in(directory)
      Dir.children(directory).to_h { |name| [name, File.read(File.join(directory, name))] }
    rescue SystemCallError
      {}
    end

    # The words of NoCloud, as docs/firstboot.md has them.
    def seed_files(node, cluster)
      controllers = cluster.controllers.map { |other| "#{other.name}=#{other.address}" }.join(" ")
      user_data = "CONTROLLERS=\"#{controllers}\"\nNODE_NAME=#{node.name}\nINTERNAL_IP=#{node.address}\n"
      user_data += PATIENCE_OF_ETCD if cluster.driver == "qemu"
      files = {
        "meta-data" => "instance-id: #{node.name}\nlocal-hostname: #{node.name}\n",
        "user-data" => user_data
      }
      FOR_CONTROLLERS.each { |name| files[name] = credential(name) } if node.role == "controller"
      files
    end

    # Whole under its name, or not at all.
    def write(file, text, mode)
      FileUtils.mkdir_p(File.dirname(file))
      beside = "#{file}.#{Process.pid}.part"
      File.open(beside, File::WRONLY | File::CREAT | File::TRUNC, mode) { |out| out.write(text) }
      File.rename(beside, file)
    end
  end
end
