"""The review of a Terraform plan: what happens to the jobs, and what of that needs attention.

`reading` → `plan` (masked) → `jobs` and `resources` → `risks` → `review` → `reports`. Past `plan` there is no secret
left: what may not be shown is a `Secret`, which prints as `(secret)` and still knows whether it changed.
"""
