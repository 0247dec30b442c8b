<?php
/**
 * Notices in the admin pages.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows the outcome of an action on the page that follows it, and says on every page when sending is paused.
 */
final class Notices {

	private const TRANSIENT = 'gateway_connector_notice_';

	private Settings $settings;

	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	public function register(): void {
		add_action( 'admin_notices', array( $this, 'print' ) );
	}

	/**
	 * Keeps a notice for this user's next page.
	 *
	 * @param string $type success, warning or error.
	 */
	public function add( string $type, string $text ): void {
		set_transient( self::TRANSIENT . get_current_user_id(), array( $type, $text ), MINUTE_IN_SECONDS );
	}

	public function print(): void {
		$this->print_outcome();
		if ( '' !== $this->settings->pause_reason() && current_user_can( Settings_Page::CAPABILITY ) ) {
			$this->print_pause();
		}
	}

	/**
	 * The outcome of the last action. Assistive technology reads it out at once.
	 */
	public function print_outcome(): void {
		$notice = get_transient( self::TRANSIENT . get_current_user_id() );
		if ( is_array( $notice ) ) {
			delete_transient( self::TRANSIENT . get_current_user_id() );
			printf(
				'<div class="notice notice-%s is-dismissible" role="%s"><p>%s</p></div>',
				esc_attr( $notice[0] ),
				'error' === $notice[0] ? 'alert' : 'status',
				esc_html( $notice[1] )
			);
		}
	}

	private function print_pause(): void {
		?>
		<div class="notice notice-error">
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<p>
					<strong><?php esc_html_e( 'Gateway: sending is paused.', 'gateway-connector' ); ?></strong>
					<?php echo esc_html( $this->settings->pause_reason() ); ?>
					<?php esc_html_e( 'Submissions are kept on this site. Nothing is lost.', 'gateway-connector' ); ?>
				</p>
				<p>
					<input type="hidden" name="action" value="<?php echo esc_attr( Spool_Page::RESUME ); ?>" />
					<?php wp_nonce_field( Spool_Page::RESUME ); ?>
					<button class="button"><?php esc_html_e( 'Resume sending', 'gateway-connector' ); ?></button>
					<?php
					printf(
						'<a class="button-link" href="%s">%s</a>',
						esc_url( Settings_Page::url() ),
						esc_html__( 'Check the connection', 'gateway-connector' )
					);
					?>
				</p>
			</form>
		</div>
		<?php
	}
}
