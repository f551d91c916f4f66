# Tells whoever waits that the services of the role run: /run/hardbake/ready

[Unit]
Description=Say when the services of this role run
Documentation=file:/usr/lib/hardbake/ready
Requires=hardbake-firstboot.service
After=hardbake-firstboot.service[#list services?split("\\s+", "r") as service][#if service?has_content] [=service].service[/#if][/#list]

[Service]
Type=exec
ExecStart=/usr/lib/hardbake/ready
Restart=on-failure
StandardOutput=journal+console

[Install]
WantedBy=multi-user.target
