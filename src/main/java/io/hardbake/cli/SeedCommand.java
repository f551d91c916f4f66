package io.hardbake.cli;

import io.hardbake.credentials.CredentialFile;
import io.hardbake.credentials.Credentials;
import io.hardbake.credentials.Member;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UsageException;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hardbake seed}: the disk that tells a machine who it is. */
@Command(
    name = "seed",
    description =
        "Writes a small disk that tells a machine its name, the controllers and, if it is one, its"
            + " credentials. The machine finds it by its label, CIDATA, at boot.")
final class SeedCommand implements Callable<Integer> {
  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  @Option(
      names = "--node",
      paramLabel = "NAME",
      required = true,
      description = "the machine's host name, such as controller-0")
  private String node = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "where to write the disk; only its owner may read it")
  private Path out = Path.of("");

  @Option(
      names = "--controllers",
      paramLabel = "NAME=ADDRESS",
      arity = "1..*",
      split = " ",
      description = "all controllers (default: the machine looks for them by DNS)")
  private List<String> controllers = new ArrayList<>();

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description =
          "at which others reach the machine (default: as --controllers says, or as it finds out)")
  private @Nullable String address;

  @Option(
      names = "--credentials",
      paramLabel = "DIR",
      description = "the directory with the cluster's credentials; for controllers only")
  private @Nullable Path credentials;

  @Option(
      names = "--instance",
      paramLabel = "ID",
      description =
          "another id than before makes the next boot a first one, with host keys of its own"
              + " (default: the node's name)")
  private @Nullable String instance;

  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  SeedCommand() {}

  @Override
  public Integer call() throws BakeException, IOException {
    Member machine = member(node, "--node");
    List<Member> all = controllers();
    boolean listed = all.stream().anyMatch(each -> each.name().equals(machine.name()));
    if (credentials != null && !all.isEmpty() && !listed) {
      throw new UsageException(
          machine.name() + " is none of the controllers, and nobody else gets credentials",
          "leave --credentials out, or name it in --controllers: " + names(all));
    }
    Optional<InetAddress> own = address(machine, all);
    SeedDisk disk = SeedDisk.of(machine, instance(machine), all, own, credentialFiles());
    disk.write(out);
    try (Console console = speech.console(Objects.requireNonNull(spec))) {
      console.result("wrote " + out + ": " + machine.name() + contents());
    }
    return 0;
  }

  private String contents() {
    return credentials == null ? ", without credentials" : ", with credentials: keep it secret";
  }

  private List<Member> controllers() throws UsageException {
    List<Member> members = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<InetAddress> addresses = new HashSet<>();
    for (String word : controllers) {
      if (word.isBlank()) {
        continue;
      }
      Member member = Member.parse(word);
      if (member.addresses().size() > 1) {
        throw new UsageException(
            "'" + word + "' in --controllers has several addresses",
            "give the one at which the other machines reach " + member.name());
      }
      for (InetAddress each : member.addresses()) {
        requireUsable(each, word, "--controllers");
        if (!addresses.add(each)) {
          throw new UsageException(
              "'" + word + "' in --controllers has the address of another controller",
              "give each controller an address of its own");
        }
      }
      if (!names.add(member.name())) {
        throw new UsageException(
            member.name() + " is twice in --controllers", "name each controller once");
      }
      members.add(member);
    }
    return members;
  }

  private static Member member(String name, String option) throws UsageException {
    Member member = Member.parse(name);
    if (!member.addresses().isEmpty()) {
      throw new UsageException(
          "'" + name + "' in " + option + " is more than a name",
          "use " + option + " " + member.name() + ", and --address for the address");
    }
    return member;
  }

  private Optional<InetAddress> address(Member machine, List<Member> all) throws UsageException {
    if (address == null) {
      return Optional.empty();
    }
    List<InetAddress> addresses = Member.parse(machine.name() + "=" + address).addresses();
    if (addresses.size() != 1) {
      throw new UsageException(
          "--address " + address + " is more than one address", "give one address");
    }
    InetAddress own = addresses.get(0);
    requireUsable(own, address, "--address");
    for (Member other : all) {
      if (!other.name().equals(machine.name()) && other.addresses().contains(own)) {
        throw new UsageException(
            "--address " + address + " is that of " + other.name() + " in --controllers",
            "give each machine an address of its own");
      }
    }
    for (Member same : all) {
      if (same.name().equals(machine.name())
          && !same.addresses().isEmpty()
          && !same.addresses().contains(own)) {
        throw new UsageException(
            "--address " + address + " is not that of " + same.name() + " in --controllers",
            "make them agree, or leave --address out");
      }
    }
    return Optional.of(own);
  }

  /** What first boot refuses, or can never find on a machine, is refused here already. */
  private static void requireUsable(InetAddress address, String word, String option)
      throws UsageException {
    String what = "'%s' in %s".formatted(word, option);
    if (!(address instanceof Inet4Address)) {
      throw new UsageException(
          what + " is IPv6, and machines need IPv4",
          "give the IPv4 address at which the other machines reach it");
    }
    if (address.isLoopbackAddress()) {
      throw new UsageException(
          what + " is an address at which no other machine reaches it",
          "give the address of its network, as in 192.168.50.10");
    }
    byte[] bytes = address.getAddress();
    if (bytes[0] == 10 && bytes[1] == 0 && bytes[2] == 2) {
      throw new UsageException(
          what + " is an address that VirtualBox's NAT gives every machine",
          "add a private network, and give the address there");
    }
  }

  private String instance(Member machine) throws UsageException {
    if (instance == null) {
      return machine.name();
    }
    if (!INSTANCE.matcher(instance).matches()) {
      throw new UsageException(
          "'" + instance + "' cannot be an instance's id",
          "use letters, digits, dots, hyphens and underscores, such as " + machine.name() + "-2");
    }
    return instance;
  }

  private Map<String, Content> credentialFiles() throws IOException, BakeException {
    Map<String, Content> files = new TreeMap<>();
    if (credentials == null) {
      return files;
    }
    Credentials.requireReadable(credentials);
    List<String> missing = new ArrayList<>();
    for (CredentialFile each : CredentialFile.onController()) {
      Path file = credentials.resolve(each.fileName());
      if (Files.isRegularFile(file)) {
        files.put(each.fileName(), Content.of(Files.readAllBytes(file)));
      } else {
        missing.add(each.fileName());
      }
    }
    if (!missing.isEmpty()) {
      throw new UsageException(
          credentials + " lacks " + String.join(", ", missing),
          "name the directory that `hardbake credentials` filled, or make them anew with it");
    }
    return files;
  }

  private static String names(List<Member> members) {
    return String.join(" ", members.stream().map(Member::name).toList());
  }
}
