<?php
/**
 * The first steps after activation.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Leads from the list of plugins to the settings, and says what comes next until the site is connected.
 */
final class Plugins_Page {

	/**
	 * The pages on which somebody is who has just activated the plugin.
	 */
	private const SCREENS = array( 'plugins', 'dashboard' );

	private Settings $settings;

	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	public function register(): void {
		add_filter( 'plugin_action_links_' . plugin_basename( PLUGIN_FILE ), array( $this, 'add_link' ) );
		add_action( 'admin_notices', array( $this, 'print' ) );
	}

	/**
	 * Adds a link below the plugin's name.
	 *
	 * @param mixed $links The links.
	 */
	public function add_link( $links ): array {
		$link = sprintf( '<a href="%s">%s</a>', esc_url( Settings_Page::url() ), esc_html__( 'Settings', 'gateway-connector' ) );
		return array_merge( array( 'settings' => $link ), (array) $links );
	}

	public function print(): void {
		$screen = get_current_screen();
		if ( ! $screen
			|| ! in_array( $screen->id, self::SCREENS, true )
			|| '' !== $this->settings->key_source()
			|| ! current_user_can( Settings_Page::CAPABILITY )
		) {
			return;
		}
		printf(
			'<div class="notice notice-info is-dismissible"><p><strong>%s</strong> %s</p>'
				. '<p><a class="button button-primary" href="%s">%s</a></p></div>',
			esc_html__( 'Gateway Connector is active.', 'gateway-connector' ),
			esc_html__( 'Next, connect this site with the key that your gateway gives you.', 'gateway-connector' ),
			esc_url( Settings_Page::url() ),
			esc_html__( 'Connect this site', 'gateway-connector' )
		);
	}
}
