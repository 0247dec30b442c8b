<?php
/**
 * A site whose address changed.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Asks whether the site has moved or is a copy of another, when the connection belongs to another address. Until somebody answers, nothing
 * is sent: a copy holds what waits at the original, and would send it a second time, to the people who signed up there.
 */
final class Copied_Site {

	public const ACTION = 'gateway_connector_copied';

	private Settings $settings;

	private Spool $spool;

	private Spool_Records $records;

	private Notices $notices;

	public function __construct( Settings $settings, Spool $spool, Spool_Records $records, Notices $notices ) {
		$this->settings = $settings;
		$this->spool    = $spool;
		$this->records  = $records;
		$this->notices  = $notices;
	}

	public function register(): void {
		add_action( 'admin_notices', array( $this, 'print' ) );
		add_action( 'admin_post_' . self::ACTION, array( $this, 'answer' ) );
	}

	/**
	 * Does what the answer asks for.
	 */
	public function answer(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::ACTION );
		$answer = isset( $_POST['answer'] ) ? sanitize_key( $_POST['answer'] ) : '';
		if ( 'moved' === $answer ) {
			Site_Address::bind();
			Schedule::send_soon();
			$this->notices->add( 'success', __( 'Sending goes on from the new address.', 'gateway-connector' ) );
		} elseif ( 'copy' === $answer && Site_Address::is_another() ) {
			$this->make_copy();
		}
		wp_safe_redirect( Settings_Page::url() );
		exit;
	}

	public function print(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) || ! Site_Address::is_another() ) {
			return;
		}
		$screen = get_current_screen();
		if ( Site_Address::is_marked_as_copy() && ( ! $screen || false === strpos( $screen->id, Settings_Page::SLUG ) ) ) {
			return; // Somebody has answered. The plugin's own pages still say so.
		}
		?>
		<div class="notice notice-warning gateway-connector-copied">
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<p>
					<strong>
						<?php
						esc_html_e( 'Gateway: nothing is sent, because the address of this site has changed.', 'gateway-connector' );
						?>
					</strong>
					<?php
					printf(
						/* translators: 1: the address that the connection belongs to, 2: the address of this site */
						esc_html__( 'The connection belongs to %1$s, and this is %2$s. Which is true?', 'gateway-connector' ),
						esc_html( Site_Address::bound() ),
						esc_html( Site_Address::current() )
					);
					?>
				</p>
				<p>
					<input type="hidden" name="action" value="<?php echo esc_attr( self::ACTION ); ?>" />
					<?php wp_nonce_field( self::ACTION ); ?>
					<button class="button button-primary" name="answer" value="moved">
						<?php esc_html_e( 'This site has moved', 'gateway-connector' ); ?>
					</button>
					<?php if ( ! Site_Address::is_marked_as_copy() ) : ?>
						<button class="button" name="answer" value="copy">
							<?php esc_html_e( 'This is a copy', 'gateway-connector' ); ?>
						</button>
					<?php endif; ?>
				</p>
				<p class="description">
					<?php
					esc_html_e( 'Moved: what waits is sent from here.', 'gateway-connector' );
					echo ' ';
					esc_html_e( 'A copy: it is disconnected, and the entries that came with it are deleted here.', 'gateway-connector' );
					?>
				</p>
			</form>
		</div>
		<?php
	}

	/**
	 * A copy has no connection, and nothing of the original that could be sent one day. What the original holds stays there.
	 */
	private function make_copy(): void {
		$this->spool->reserve()->remove();
		$this->records->discard_open();
		if ( 'site' === $this->settings->key_source() ) {
			$this->settings->forget_key();
			$text = __( 'This copy is disconnected. You can connect it to a gateway for tests.', 'gateway-connector' );
			$this->notices->add( 'success', $text );
		} else {
			Site_Address::mark_as_copy();
			$this->notices->add( 'success', __( 'This copy sends nothing.', 'gateway-connector' ) );
		}
	}
}
