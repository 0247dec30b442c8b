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

	private bool $is_command;

	/**
	 * @param bool|null $is_command Whether WordPress runs a command of its command line; null looks.
	 */
	public function __construct( Settings $settings, ?bool $is_command = null ) {
		$this->settings   = $settings;
		$this->is_command = $is_command ?? ( defined( 'WP_CLI' ) && WP_CLI );
	}

	/**
	 * That this user has just activated the plugin.
	 */
	private const ACTIVATED = 'gateway_connector_activated_';

	/**
	 * Notes who has activated the plugin, to lead them on. A network's sites are connected by their owners, and scripts go nowhere.
	 */
	public static function mark_activation( bool $for_network ): void {
		if ( ! $for_network && 0 !== get_current_user_id() ) {
			set_transient( self::ACTIVATED . get_current_user_id(), 1, MINUTE_IN_SECONDS );
		}
	}

	public function register(): void {
		add_action( 'admin_init', array( $this, 'lead_on' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( PLUGIN_FILE ), array( $this, 'add_link' ) );
		add_action( 'admin_notices', array( $this, 'print' ) );
	}

	/**
	 * Leads to the connection once after the activation, unless several plugins were activated together.
	 */
	public function lead_on(): void {
		$mark = self::ACTIVATED . get_current_user_id();
		if ( ! $this->is_page() || false === get_transient( $mark ) ) {
			return;
		}
		delete_transient( $mark );
		if ( '' !== Request::query( 'activate-multi' )
			|| is_network_admin()
			|| '' !== $this->settings->key_source()
			|| ! current_user_can( Settings_Page::CAPABILITY )
		) {
			return;
		}
		wp_safe_redirect( Settings_Page::url() );
		exit;
	}

	/**
	 * Whether somebody opens a page, and nothing is done that a redirect would end.
	 */
	private function is_page(): bool {
		return ! wp_doing_ajax()
			&& ! wp_doing_cron()
			&& ! $this->is_command
			&& 'GET' === ( $_SERVER['REQUEST_METHOD'] ?? 'GET' )
			&& ! in_array( $GLOBALS['pagenow'] ?? '', array( 'admin-post.php', 'admin-ajax.php', 'async-upload.php' ), true );
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
			esc_html__( 'Next, connect this site to your gateway.', 'gateway-connector' ),
			esc_url( Settings_Page::url() ),
			esc_html__( 'Connect this site', 'gateway-connector' )
		);
	}
}
