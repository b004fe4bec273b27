module "ecr" {
  source = "{{ cookiecutter.modules }}/ecr/{{ cookiecutter.version }}"

  organization_id = "{{ cookiecutter.organization_id }}"

  images = ["{{ cookiecutter.repository }}"]
  charts = ["{{ cookiecutter.repository }}"] # pushed to oci://REGISTRY/charts

  keep_images   = 50
  untagged_days = 14
}
