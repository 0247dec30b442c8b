<?php
/**
 * Removes the data of each site whose owner chose so; elsewhere they stay for the next installation.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/gateway-connector.php';

$sites = is_multisite() ? get_sites(
	array(
		'fields' => 'ids',
		'number' => 0,
	)
) : array( get_current_blog_id() );
foreach ( $sites as $site ) {
	if ( is_multisite() ) {
		switch_to_blog( (int) $site );
	}
	Installation::uninstall();
	if ( is_multisite() ) {
		restore_current_blog();
	}
}
