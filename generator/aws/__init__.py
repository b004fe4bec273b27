"""AWS, read only: the one room that imports boto3. Everything leaves it as a `Snapshot`.

What is asked, and what the policy of the reader role has to allow for it (`Resource: "*"`; none of these changes anything):

| action | where | for |
|---|---|---|
| `organizations:ListAccounts`, `organizations:ListTagsForResource` | management account | accounts, their states and live tags |
| `ec2:DescribeRegions` | every account | which regions it has enabled |
| `ec2:DescribeVpcs`, `ec2:DescribeSubnets`, `ec2:DescribeRouteTables`, `ec2:DescribeVpcPeeringConnections` | every account | all of them |
| `ec2:DescribeTransitGatewayAttachments`, `ec2:DescribeVpcEndpointServiceConfigurations` | every account | other doors, counted |
| `ec2:DescribeVpcAttribute` | every account | DNS of VPCs that are connected |
| `ec2:GetManagedPrefixListEntries` | every account | ranges of prefix lists that routes name |
| `servicequotas:GetServiceQuota`, `servicequotas:GetAWSDefaultServiceQuota` | every account | `pull`: quotas in force |

Whoever runs scaffold needs `sts:AssumeRole` on the reader role of every account, that of the management account included.

A reading of the whole organization makes one AssumeRole for each active account (and for the management account), one ListAccounts for
twenty accounts, one ListTagsForResource for each account; for each active account one DescribeRegions; and for each region it has
enabled six Describe calls, two DescribeVpcAttribute for each VPC with a connection that is not over, one GetManagedPrefixListEntries
for each prefix list that a route names. Besides these there is one call for each further page, and no other.
"""
