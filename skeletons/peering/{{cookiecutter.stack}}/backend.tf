# {{ cookiecutter.identity }}
terraform {
{# Groups apart: an optional line never moves the columns of the others. #}
  backend "s3" {
    bucket = "{{ cookiecutter.bucket }}"
    key    = "{{ cookiecutter.directory_key }}"
    region = "{{ cookiecutter.state_region }}"

{% if cookiecutter.kms_key %}
    encrypt    = true
    kms_key_id = "{{ cookiecutter.kms_key }}"
{% else %}
    encrypt = true
{% endif %}

{% if cookiecutter.lock_table %}
    dynamodb_table = "{{ cookiecutter.lock_table }}"
{% else %}
    use_lockfile = true
{% endif %}
  }
}
