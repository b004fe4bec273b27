# A formula for a tap of your own: write where your copy of scaffold lives into `head`, then
#   brew install --HEAD --formula ./examples/install/scaffold.rb
class Scaffold < Formula
  desc "Accounts, networks and peerings for AWS Control Tower Account Factory for Terraform"
  homepage "https://github.com/acme/scaffold"
  license "Apache-2.0"
  head "https://github.com/acme/scaffold.git", branch: "main"

  depends_on "git"
  depends_on "python@3.12"

  def install
    pins = (buildpath/"requirements.lock").read.scan(/^[A-Za-z0-9._-]+==\S+/)
    (buildpath/"constraints.txt").write(pins.join("\n"))
    python = Formula["python@3.12"].opt_bin/"python3.12"
    system python, "-m", "venv", libexec
    system libexec/"bin/python", "-m", "pip", "install", "--constraint", buildpath/"constraints.txt", buildpath
    bin.install_symlink libexec/"bin/scaffold"
    generate_completions_from_executable(bin/"scaffold", "completion")
  end

  test do
    assert_match "16 accounts", shell_output("#{bin}/scaffold demo #{testpath}/lz")
  end
end
