package io.parley.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.testing.TestAuthority;
import io.parley.testing.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIdentityTest {
  private final TestAuthority authority = TestAuthority.named("authority");
  private final Path folder;

  TlsIdentityTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aCertificateAndItsKeyAreRead(String algorithm) {
    Issued issued = authority.issue("node", algorithm, Duration.ofDays(30));
    issued.write(folder);
    TlsIdentity identity = read();
    assertThat(identity.chain()).containsExactly(issued.certificate());
    assertThat(identity.key()).isEqualTo(issued.keys().getPrivate());
    assertThat(identity.toString()).isEqualTo("TlsIdentity[CN=node]");
  }

  @Test
  void whatStandsAroundTheBlocksIsPassedAndBothMayBeInOneFile() throws IOException {
    Issued issued = authority.issue("node");
    Path one = folder.resolve("all.pem");
    Files.writeString(
        one, "Subject: CN = node\n" + issued.key() + "Bag Attributes\r\n" + issued.chain());
    TlsFiles files = TlsFiles.toClients("PARLEY_TLS", one, one);
    assertThat(TlsIdentity.read(files, Instant.now()).chain()).hasSize(1);
  }

  @Test
  void everyFaultIsToldAtOnceWithItsVariableAndFile() {
    assertThatThrownBy(this::read)
        .isInstanceOf(CertificatesRefusedException.class)
        .hasMessageContaining("PARLEY_TLS_CERTIFICATE is \"" + folder.resolve("node.pem"))
        .hasMessageContaining("PARLEY_TLS_KEY is \"" + folder.resolve("node.key"))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void aFolderIsNoFile() throws IOException {
    authority.issue("node").write(folder);
    Files.delete(folder.resolve("node.key"));
    Files.createDirectory(folder.resolve("node.key"));
    refused("PARLEY_TLS_KEY", "a folder");
  }

  @Test
  void whatIsNotPemIsToldHowToBecomeIt() throws Exception {
    Issued issued = authority.issue("node");
    Files.write(folder.resolve("node.pem"), issued.certificate().getEncoded());
    Files.write(folder.resolve("node.key"), issued.keys().getPrivate().getEncoded());
    refused("isn't PEM", "openssl x509 -inform der", "openssl pkey -inform der");
  }

  @Test
  void anEncryptedKeyIsToldHowToBeDecrypted() {
    Issued issued = authority.issue("node");
    issued.write(folder);
    key(TestAuthority.pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3}));
    refused("PARLEY_TLS_KEY", "encrypted", "openssl pkey -in " + folder.resolve("node.key"));
    key(
        issued
            .key()
            .replace("PRIVATE KEY-----\n", "RSA PRIVATE KEY-----\n")
            .replaceFirst("-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n")
            .replace("END PRIVATE", "END RSA PRIVATE"));
    refused("PARLEY_TLS_KEY", "encrypted");
  }

  @Test
  void aKeyOfTheOlderFormIsToldHowToBeConverted() throws IOException {
    Issued issued = authority.issue("node", "RSA", Duration.ofDays(30));
    issued.write(folder);
    byte[] old =
        PrivateKeyInfo.getInstance(issued.keys().getPrivate().getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    key(TestAuthority.pem("RSA PRIVATE KEY", old));
    refused("older form (RSA PRIVATE KEY)", "openssl pkey -in ");
  }

  @Test
  void aDamagedKeyAndADamagedCertificateAreToldWithoutShowingThem() {
    Issued issued = authority.issue("node");
    TestAuthority.write(
        folder.resolve("node.pem"), TestAuthority.pem("CERTIFICATE", new byte[] {9, 9}));
    key("-----BEGIN PRIVATE KEY-----\ncanary*\n-----END PRIVATE KEY-----\n");
    refused("certificate 1 in it is damaged", "the key is damaged");
    assertThatThrownBy(this::read).hasMessageNotContaining("canary");
    issued.write(folder);
    assertThat(read().chain()).hasSize(1);
  }

  @Test
  void aKeyThatTlsCannotUseIsRefused() throws NoSuchAlgorithmException {
    authority.issue("node").write(folder);
    byte[] other =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    key(TestAuthority.pem("PRIVATE KEY", other));
    refused("neither of RSA nor of EC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void theKeyOfAnotherCertificateIsRefused(String algorithm) {
    authority.issue("node").write(folder);
    key(authority.issue("other", algorithm, Duration.ofDays(30)).key());
    refused("doesn't belong to the certificate", "CN=node");
  }

  @Test
  void aChainInTheWrongOrderIsRefused() {
    Issued issued = authority.issue("node");
    issued.write(folder);
    TestAuthority.write(folder.resolve("node.pem"), authority.pem() + issued.chain());
    refused("must come first");
  }

  @Test
  void aChainThatDoesNotLinkIsRefused() {
    TestAuthority between = authority.intermediate("between");
    Issued issued = between.issue("node");
    issued.write(folder);
    chain(issued, authority, between);
    refused("certificate 2 in it (CN=authority)", "signed certificate 1", "CN=between", "own");
    TestAuthority crossSigned = TestAuthority.named("other").intermediate("between");
    chain(issued, between, crossSigned);
    refused("certificate 3 in it (CN=between)", "signed certificate 2", "CN=authority");
    chain(issued, between, authority, authority);
    refused("certificate 4 in it (CN=authority) stands there twice");
    chain(issued, between, authority);
    assertThat(read().chain()).hasSize(3);
  }

  @Test
  void oneFileForTheOtherIsRefused() {
    Issued issued = authority.issue("node");
    TestAuthority.write(folder.resolve("node.pem"), issued.key());
    TestAuthority.write(folder.resolve("node.key"), issued.chain());
    refused("no certificate in it, but PRIVATE KEY", "no private key in it, but CERTIFICATE");
  }

  @Test
  void twoKeysInOneFileAreRefused() {
    Issued issued = authority.issue("node");
    issued.write(folder);
    key(issued.key() + issued.key());
    refused("2 keys");
  }

  @Test
  void anEndedCertificateIsReadAllTheSame() {
    authority.issue("node", "EC", Duration.ofDays(-1)).write(folder);
    assertThat(read().end()).isBefore(Instant.now());
  }

  @Test
  void theAuthorityBehindACertificateIsFoundAcrossAnIntermediate() {
    TestAuthority between = authority.intermediate("between");
    between.issue("node").write(folder);
    TestAuthority other = TestAuthority.named("other");
    authorities(other.pem() + authority.pem());
    assertThat(readTrusting().signedBy()).contains(authority.certificate());
    // Without what lies between, nobody finds the way.
    TestAuthority.write(
        folder.resolve("node.pem"), TestAuthority.pem(between.issue("node").certificate()));
    assertThatThrownBy(this::readTrusting).hasMessageContaining("doesn't belong");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefusedBeforeAnyNodeDoes() {
    authority.issue("node").write(folder);
    authorities(TestAuthority.named("foreign").pem());
    assertThatThrownBy(this::readTrusting)
        .hasMessageContaining("isn't signed by an authority in " + folder.resolve("authority.pem"));
  }

  @Test
  void aSelfSignedCertificateMayBeItsOwnAuthority() {
    TestAuthority own = TestAuthority.named("node");
    TestAuthority.write(folder.resolve("node.pem"), own.pem());
    key(own.key());
    authorities(own.pem());
    assertThat(readTrusting().signedBy()).contains(own.certificate());
  }

  @Test
  void betweenNodesAnEndedOneAndOneForServersAloneAreOfNoUse() {
    authorities(authority.pem());
    authority.issue("node", "EC", Duration.ofDays(-1)).write(folder);
    assertThatThrownBy(this::readTrusting).hasMessageContaining("it has ended on");
    authority.issueForServer("node").write(folder);
    assertThatThrownBy(this::readTrusting).hasMessageContaining("extendedKeyUsage");
  }

  private void refused(String... words) {
    assertThatThrownBy(this::read).hasMessageContainingAll(words);
  }

  @Test
  void aNodesOwnCertificateCarriesTheNameThatItWantsOfOthers() {
    authority.issue("node1").write(folder);
    authorities(authority.pem());
    assertThat(TlsIdentity.read(files(trusted(), Optional.of("node1")), Instant.now()).chain())
        .hasSize(1);
    assertThatThrownBy(
            () -> TlsIdentity.read(files(trusted(), Optional.of("nodes")), Instant.now()))
        .isInstanceOf(CertificatesRefusedException.class)
        .hasMessageContaining("doesn't carry the DNS name nodes (subjectAltName)")
        .hasMessageContaining("PARLEY_TLS_NAME");
  }

  private Optional<Path> trusted() {
    return Optional.of(folder.resolve("authority.pem"));
  }

  private TlsIdentity read() {
    return TlsIdentity.read(files(Optional.empty(), Optional.empty()), Instant.now());
  }

  private TlsIdentity readTrusting() {
    return TlsIdentity.read(files(trusted(), Optional.empty()), Instant.now());
  }

  private TlsFiles files(Optional<Path> trusted, Optional<String> name) {
    return new TlsFiles(
        "PARLEY_TLS", folder.resolve("node.pem"), folder.resolve("node.key"), trusted, name);
  }

  private void chain(Issued first, TestAuthority... others) {
    StringBuilder pem = new StringBuilder(TestAuthority.pem(first.certificate()));
    for (TestAuthority other : others) {
      pem.append(other.pem());
    }
    TestAuthority.write(folder.resolve("node.pem"), pem.toString());
  }

  private void key(String pem) {
    TestAuthority.write(folder.resolve("node.key"), pem);
  }

  private void authorities(String pem) {
    TestAuthority.write(folder.resolve("authority.pem"), pem);
  }
}
