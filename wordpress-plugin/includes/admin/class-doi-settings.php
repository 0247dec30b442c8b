<?php
/**
 * Whether the gateway answers Contact Form 7's own double opt-in.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Lets the owner choose who confirms when a module of Contact Form 7 collects addresses too.
 */
final class Doi_Settings {

	public const ACTION = 'gateway_connector_doi';

	private Settings $settings;

	private Notices $notices;

	public function __construct( Settings $settings, Notices $notices ) {
		$this->settings = $settings;
		$this->notices  = $notices;
	}

	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'save' ) );
	}

	public function save(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::ACTION );
		$this->settings->answer_doi( ! empty( $_POST['answers_doi'] ) );
		$this->notices->add( 'success', __( 'Saved.', 'gateway-connector' ) );
		wp_safe_redirect( Settings_Page::url() );
		exit;
	}

	public function print(): void {
		if ( ! defined( 'WPCF7_VERSION' ) ) {
			return;
		}
		?>
		<div class="card gateway-connector-card">
			<h2><?php esc_html_e( 'Other modules of Contact Form 7', 'gateway-connector' ); ?></h2>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( self::ACTION ); ?>" />
				<?php wp_nonce_field( self::ACTION ); ?>
				<p>
					<label>
						<input type="checkbox" name="answers_doi" value="1" <?php checked( $this->settings->answers_doi() ); ?>
							aria-describedby="gateway-connector-doi-help" />
						<?php esc_html_e( 'Let the gateway do the double opt-in for modules such as Brevo', 'gateway-connector' ); ?>
					</label>
				</p>
				<p class="description" id="gateway-connector-doi-help">
					<?php
					esc_html_e(
						'On forms with a mailing list of the gateway, such a module adds nobody itself: people join once they confirm.',
						'gateway-connector'
					);
					echo ' ';
					esc_html_e( 'Other forms do not change.', 'gateway-connector' );
					?>
				</p>
				<p><button class="button"><?php esc_html_e( 'Save', 'gateway-connector' ); ?></button></p>
			</form>
		</div>
		<?php
	}
}
